"""What tests let be done beside code of one's own, in its process."""


def call(module, name, *given):
    return getattr(module, name)(*given)


def call_each(module, name, values):
    return [getattr(module, name)(value) for value in values]


def nothing(module):
    return None
