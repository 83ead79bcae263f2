"""`completion`: what a shell needs to complete verbs and options, made from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from . import verb

SHELLS = ("bash", "zsh", "fish")

BASH = """\
# codial-tui completion bash > ~/.local/share/bash-completion/completions/codial-tui
_codial_tui() {
  local words="" path="" word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case "${path:+$path }$word" in
PATHS) path="${path:+$path }$word" ;; esac ;; esac
  done
  case "$path" in
CASES  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _codial_tui codial-tui
"""
ZSH = """\
#compdef codial-tui
# codial-tui completion zsh > ~/.zfunc/_codial-tui
autoload -U +X bashcompinit && bashcompinit
"""


def register(verbs: verb.Verbs) -> None:
    one = verb.add(verbs, "completion", completion, "écrit le complètement pour un shell")
    one.add_argument("shell", choices=SHELLS, metavar="bash|zsh|fish")


def completion(options: argparse.Namespace) -> int:
    from .parser import build

    words = dict(words_of(build()))
    script = {"bash": bash, "zsh": lambda found: ZSH + bash(found), "fish": fish}[options.shell]
    verb.say(options, {"shell": options.shell, "script": script(words)}, *())
    if not options.json:
        print(script(words), end="")
    return 0


def words_of(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Verb paths and the words that may follow each: verbs under it, options, choices."""
    words: list[str] = []
    for action in parser._actions:
        words += action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from words_of(inner, (*path, name))
        if action.choices is not None and not action.option_strings:
            words += map(str, action.choices)
    yield path, words


def bash(words: dict[tuple[str, ...], list[str]]) -> str:
    """A completion function for bash."""
    paths = "|".join(f'"{" ".join(path)}"' for path in words if path)
    cases = "".join(
        f'    "{" ".join(path)}") words="{" ".join(found)}" ;;\n' for path, found in words.items()
    )
    return BASH.replace("PATHS", paths).replace("CASES", cases)


def fish(words: dict[tuple[str, ...], list[str]]) -> str:
    """Completions for fish."""
    lines = ["# codial-tui completion fish > ~/.config/fish/completions/codial-tui.fish"]
    for path, found in words.items():
        seen = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in path)
        condition = seen or "__fish_use_subcommand"
        for word in found:
            if word.startswith("--"):
                lines.append(f"complete -c codial-tui -n '{condition}' -l {word[2:]}")
            elif not word.startswith("-"):
                lines.append(f"complete -c codial-tui -f -n '{condition}' -a {word}")
    return "\n".join(lines) + "\n"
