"""The surface as a table, `tests/vectors/api.json`, and what is held against it.

    parity.py write GENERATED.py     writes the table anew from the generated Python
    parity.py check GENERATED.py     fails when the table, copkit's types or the lists of codes differ

`GENERATED.py` is `cop.py` as `generate.sh python DIR` leaves it: it knows every name and type of the library.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE = ROOT / "tests/vectors/api.json"
COPKIT = ROOT / "bindings/python/python/copkit/types"

NAMES = {"str": "text", "int": "int", "float": "float", "bool": "bool", "None": "nothing", "Uuid": "id"}
#: Handles and plumbing have methods, not fields.
HANDLES = {"Community", "Session", "Watch"}
#: What copkit has in another form: classes of its own for texts, and arguments instead of these.
COPKIT_OWN = {"Record", "Visibility", "Grantee", "Code"}


def type_of(node: ast.expr) -> str:
    """A type as the table writes it: `GoalId?`, `[text]`, `{text: int}`."""
    if isinstance(node, ast.Subscript):
        outer = ast.unparse(node.value).removeprefix("typing.")
        if outer == "Optional":
            return type_of(node.slice) + "?"
        if outer == "List":
            return f"[{type_of(node.slice)}]"
        if outer == "Dict":
            key, value = node.slice.elts  # type: ignore[attr-defined]
            return f"{{{type_of(key)}: {type_of(value)}}}"
        if outer == "Union":  # What may be left out: Union[object, T].
            return type_of(node.slice.elts[1])  # type: ignore[attr-defined]
    name = ast.unparse(node).removeprefix("typing.")
    return NAMES.get(name, name)


def arguments(function: ast.FunctionDef) -> dict[str, str]:
    taken = [*function.args.args, *function.args.kwonlyargs]
    return {it.arg.strip("_"): type_of(it.annotation) for it in taken if it.arg not in ("self", "cls") and it.annotation}


def functions(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {it.name: it for it in node.body if isinstance(it, ast.FunctionDef)}


def table(source: Path) -> dict[str, object]:
    records: dict[str, object] = {}
    enums: dict[str, object] = {}
    unions: dict[str, object] = {}
    errors: list[str] = []
    calls: dict[str, object] = {}
    for node in ast.parse(source.read_text()).body:
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_") or node.name.endswith("Protocol"):
            continue
        inner = [it for it in node.body if isinstance(it, ast.ClassDef)]
        bases = [ast.unparse(base) for base in node.bases]
        init = functions(node).get("__init__")
        if node.name == "CopError":
            errors = errors or [it.name for it in inner]
        elif "enum.Enum" in bases:
            names = [it.targets[0].id for it in node.body if isinstance(it, ast.Assign)]  # type: ignore[attr-defined]
            enums[node.name] = [name.lower() for name in names]
        elif inner:
            unions[node.name] = {it.name.lower(): arguments(functions(it)["__init__"]) for it in inner}
        elif node.name in HANDLES:
            public = {name: it for name, it in functions(node).items() if not name.startswith("_")}
            calls[node.name] = {
                name: {"takes": arguments(it), "answers": type_of(it.returns) if it.returns else "nothing"}
                for name, it in sorted(public.items())
            }
        elif init and node.decorator_list:
            records[node.name] = arguments(init)
    return {
        "v": 1,
        "calls": dict(sorted(calls.items())),
        "records": dict(sorted(records.items())),
        "unions": dict(sorted(unions.items())),
        "enums": dict(sorted(enums.items())),
        "errors": errors,
    }


def text(api: dict[str, object]) -> str:
    return json.dumps(api, indent=1, ensure_ascii=False) + "\n"


def copkit_classes() -> dict[str, ast.ClassDef]:
    found = {}
    for file in sorted(COPKIT.glob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name] = node
    return found


def copkit_fields(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> dict[str, bool]:
    """The fields of a dataclass, each with whether it may be absent."""
    fields: dict[str, bool] = {}
    for base in node.bases:
        if ast.unparse(base) in classes:
            fields |= copkit_fields(classes[ast.unparse(base)], classes)
    for it in node.body:
        if isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name):
            annotation = ast.unparse(it.annotation)
            if not annotation.startswith("ClassVar") and not it.target.id.startswith("_"):
                fields[it.target.id.rstrip("_")] = "None" in annotation.split(" | ")
    return fields


def codes_of(node: ast.ClassDef) -> list[str]:
    values = [it.value for it in node.body if isinstance(it, ast.Assign)]
    return [it.value for it in values if isinstance(it, ast.Constant) and isinstance(it.value, str)]


def plural(name: str) -> str:
    return name + "s"


def codes_listed(path: Path, block: str, code: str) -> dict[str, list[str]]:
    blocks = re.findall(block, path.read_text(), re.S)
    return {name: re.findall(code, body) for name, body in blocks}


def differences(api: dict[str, object]) -> list[str]:
    found = []
    if not TABLE.exists() or text(api) != TABLE.read_text():
        found.append(f"{TABLE.name} is not what the library has: run parity.py write, and look at what changed")
    records: dict[str, dict[str, str]] = api["records"]  # type: ignore[assignment]
    enums: dict[str, list[str]] = api["enums"]  # type: ignore[assignment]
    # `Unit` and a page of a list have these names in Kotlin already.
    renamed = {"Unit": "MeasureUnit", "MemberPage": "MemberOverview"}
    classes = copkit_classes()
    dataclasses = {
        name: node for name, node in classes.items() if any("dataclass" in ast.unparse(it) for it in node.decorator_list)
    }
    for name, node in dataclasses.items():
        ours = records.get(renamed.get(name, name))
        if name in COPKIT_OWN or name in api["unions"]:  # type: ignore[operator]
            continue
        if ours is None:
            found.append(f"copkit.{name} is no record here")
            continue
        theirs = copkit_fields(node, classes)
        if set(ours) != set(theirs):
            found.append(f"{name}: fields of one only: {sorted(set(ours) ^ set(theirs))}")
        for field in set(ours) & set(theirs):
            if ours[field].endswith("?") != theirs[field]:
                found.append(f"{name}.{field}: may be absent in one only")
    listed_here = {fields["items"].strip("[]") for name, fields in records.items() if name.endswith("Page")}
    found += [f"copkit has no {name}" for name in sorted(listed_here - set(dataclasses))]

    listed = {
        "Codes.kt": codes_listed(
            HERE / "kotlin/src/main/kotlin/org/copkit/Codes.kt",
            r"public object (\w+) \{(.*?)\n\}",
            r'const val \w+: String = "([^"]+)"',
        ),
        "Codes.swift": codes_listed(
            HERE / "swift/Sources/CopKit/Codes.swift", r"public enum (\w+) \{(.*?)\n\}", r'static let [\w`]+ = "([^"]+)"'
        ),
    }
    for name, node in classes.items():
        codes = codes_of(node)
        if not codes or "Code" not in [ast.unparse(base) for base in node.bases]:
            continue
        closed = enums.get(renamed.get(name, name))
        if closed is not None:
            # Here the first of these is `unsaid`: Swift takes `none` for no value at all.
            ours = ["none" if (name, it) == ("ConsentState", "unsaid") else it for it in closed]
            if ours != codes:
                found.append(f"{name}: {ours} here, {codes} in copkit")
            continue
        if name == "MemberEvent":  # Only in the names of facts.
            continue
        for file, lists in listed.items():
            if lists.get(plural(name)) != codes:
                found.append(f"{file}: {plural(name)} is {lists.get(plural(name))}, {codes} in copkit")
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in ("write", "check"):
        print(__doc__)
        return 2
    api = table(Path(arguments[1]))
    if arguments[0] == "write":
        TABLE.write_text(text(api))
        return 0
    found = differences(api)
    for it in found:
        print(f"parity: {it}")
    calls = sum(len(it) for it in api["calls"].values())  # type: ignore[attr-defined]
    print(f"parity: {calls} calls, {len(api['records'])} records, {len(api['enums'])} enums, {len(found)} differences")  # type: ignore[arg-type]
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
