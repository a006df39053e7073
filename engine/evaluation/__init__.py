"""Judging answers: what a text says, whether that is right, and how sure the score is.

    answers      a text -> the number it gives, and the rule that found it
    harness      the same judged by lm-evaluation-harness's published patterns
    statistics   a share of right answers, with its 95% interval
    audit        one answer by all three judges, with what each of them read
    paired       two shares over the same problems: their difference, and whether it is noise

Pure Python: any front end may import it.
"""
