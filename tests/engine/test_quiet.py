import warnings

import datasets
import transformers

from engine.quiet import quiet


def test_the_libraries_are_as_they_were_afterwards(capfd):
    datasets.enable_progress_bars()
    transformers.logging.set_verbosity_warning()
    with quiet():
        warnings.warn("heard by no one", stacklevel=1)
        transformers.logging.get_logger("transformers").warning("nor this")
        datasets.Dataset.from_dict({"a": [1, 2]}).map(lambda row: row)
    assert capfd.readouterr().err == ""
    assert not datasets.are_progress_bars_disabled()
    assert transformers.logging.get_verbosity() == transformers.logging.WARNING
