"""Who answers training questions, and how their answers are collected."""
