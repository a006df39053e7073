"""The course as it is named, asked for and predicted: what screens, prompts and commands share."""
