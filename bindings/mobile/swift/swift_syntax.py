"""Parses Swift files with tree-sitter and lists syntax errors: swift_syntax.py FILE…"""

import re
import sys

import tree_sitter_swift
from tree_sitter import Language, Parser

# The grammar (0.7.4) does not know a closure that answers with nothing, nor conditions around one attribute; the closure
# answers with something here, the conditions are blanked out, lines kept.
NOTHING = re.compile(rb"= \{ \(\) \}")
CONDITIONAL = re.compile(rb"#if swift\(>=5\.8\)\n[ \t]*@_documentation\([^\n]*\)\n[ \t]*#endif")


def errors(node):
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


def main(paths):
    parser = Parser(Language(tree_sitter_swift.language()))
    bad = 0
    for path in paths:
        with open(path, "rb") as file:
            text = NOTHING.sub(b"= { 00 }", CONDITIONAL.sub(b"\n\n", file.read()))
        for node in errors(parser.parse(text).root_node):
            bad += 1
            line, column = node.start_point
            near = text.splitlines()[line].decode(errors="replace").strip()
            print(f"{path}:{line + 1}:{column + 1}: syntax error near: {near}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
