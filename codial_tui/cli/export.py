from . import verb


def register(verbs: verb.Verbs) -> None: ...
