"""Generators of types: how each generates types from all published schemas, and round-trips events through them.

Each function takes an empty directory, compiles the generated code as strictly as the language allows, and returns the
serialised form of each event of `samples()`, in that order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.generators.samples import PUBLISHED, Sample, samples
from tests.generators.toolbox import Toolbox, run

QUICKTYPE = Path(__file__).with_name("quicktype.mjs")
THROUGH_PYDANTIC = Path(__file__).with_name("through_pydantic.py")
STRICT = ["--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]


class Generator(NamedTuple):
    """A generator: its language, how to run it, its requirements and its version."""

    name: str
    language: str
    call: str
    needs: Sequence[str]
    version: Callable[[Toolbox], str]
    through: Callable[[Toolbox, Path], list[str]]


def _quicktype(tools: Toolbox, work: Path, language: str) -> None:
    run(["node", QUICKTYPE, tools.directory, language, PUBLISHED, work])


def _lines(events: Sequence[Sample]) -> str:
    return "".join(f"{each.module}\t{each.value}\n" for each in events)


def _through_go(work: Path) -> list[str]:
    events = samples()
    modules = sorted({each.module for each in events})
    imports = "".join(f'\t"types/{module}"\n' for module in modules)
    cases = "".join(f'\t"{module}": again[{module}.Event],\n' for module in modules)
    (work / "go.mod").write_text("module types\n\ngo 1.22\n", "utf-8")
    (work / "main.go").write_text(_MAIN_GO.format(imports=imports, cases=cases), "utf-8")
    run(["go", "vet", "./..."], work)
    return run(["go", "run", "."], work, _lines(events)).splitlines()


_MAIN_GO = """package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

{imports})

func again[Event any](value string) []byte {{
	var event Event
	if err := json.Unmarshal([]byte(value), &event); err != nil {{
		return []byte(err.Error())
	}}
	written, err := json.Marshal(event)
	if err != nil {{
		return []byte(err.Error())
	}}
	return written
}}

var types = map[string]func(string) []byte{{
{cases}}}

func main() {{
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {{
		module, value, _ := strings.Cut(lines.Text(), "\\t")
		fmt.Printf("%s\\n", types[module](value))
	}}
}}
"""


def quicktype_go(tools: Toolbox, work: Path) -> list[str]:
    """Structs, with `json.Unmarshal` and `json.Marshal`."""
    _quicktype(tools, work, "go")
    return _through_go(work)


def go_jsonschema(tools: Toolbox, work: Path) -> list[str]:
    """Structs whose `UnmarshalJSON` checks the patterns, in RE2."""
    for file in sorted(PUBLISHED.iterdir()):
        module = file.stem.replace(".", "_")
        (work / module).mkdir()
        root = f"urn:ip-ledger:schema:{file.stem}=Event"
        run([tools.go_jsonschema, "-p", module, "--schema-root-type", root, "-o", work / module / "event.go", file])
    return _through_go(work)


def quicktype_java(tools: Toolbox, work: Path) -> list[str]:
    """Classes, with a `Converter` for Jackson."""
    _quicktype(tools, work, "java")
    events = samples()
    cases = "".join(
        f'case "{module}" -> {module}.Converter.toJsonString({module}.Converter.fromJsonString(value));\n'
        for module in sorted({each.module for each in events})
    )
    (work / "Main.java").write_text(_MAIN_JAVA % cases, "utf-8")
    (work / "files").write_text("\n".join(str(path) for path in work.rglob("*.java")), "utf-8")
    libraries = f"{tools.jars}/*"
    run(["javac", "-Xlint:-options", "-encoding", "UTF-8", "-cp", libraries, "-d", work / "classes", f"@{work}/files"])
    command = ["java", "-Dstdout.encoding=UTF-8", "-cp", f"{work}/classes:{libraries}", "Main"]
    return run(command, work, _lines(events)).splitlines()


_MAIN_JAVA = """import java.io.*;
import java.nio.charset.StandardCharsets;

public class Main {
    static String again(String module, String value) throws IOException {
        return switch (module) {
            %s
            default -> throw new IllegalArgumentException(module);
        };
    }

    public static void main(String[] none) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = lines.readLine()) != null; ) {
            String[] parts = line.split("\\t", 2);
            try {
                out.println(again(parts[0], parts[1]));
            } catch (IOException refused) {
                out.println(refused.getMessage().replace('\\n', ' '));
            }
        }
    }
}
"""


def quicktype_typescript(tools: Toolbox, work: Path) -> list[str]:
    """Interfaces, with a `Convert` that checks values at run time."""
    _quicktype(tools, work, "typescript")
    events = samples()
    modules = sorted({each.module for each in events})
    imports = "".join(f'import {{ Convert as {module} }} from "./{module}/event.js";\n' for module in modules)
    cases = "".join(f"  {module}: (value) => {module}.eventToJson({module}.toEvent(value)),\n" for module in modules)
    table = f"{imports}export const again: Record<string, (value: string) => string> = {{\n{cases}}};\n"
    (work / "again.ts").write_text(table, "utf-8")
    (work / "main.mjs").write_text(_MAIN_JS, "utf-8")
    (work / "package.json").write_text('{"type": "module"}', "utf-8")
    _tsc(tools, work, "--outDir", "made", "again.ts")
    written = run(["node", "main.mjs"], work, json.dumps(events))
    return [json.dumps(json.loads(value), ensure_ascii=False) for value in json.loads(written)]


_MAIN_JS = """import { readFileSync } from "node:fs";
import { again } from "./made/again.js";

const events = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(events.map(([module, value]) => again[module](value))));
"""


def json_schema_to_typescript(tools: Toolbox, work: Path) -> list[str]:
    """Types only: each event is a literal of its type, so that the compiler rejects unknown fields."""
    run([tools.node_modules / ".bin" / "json2ts", "-i", PUBLISHED, "-o", work / "types"])
    events = samples()
    names = {file.name.removesuffix(".d.ts"): _root(file) for file in (work / "types").iterdir()}
    lines = [f'import type {{ {name} }} from "./types/{schema}";\n' for schema, name in names.items()]
    modules = {schema.replace(".", "_"): name for schema, name in names.items()}
    lines += [f"export const e{n}: {modules[each.module]} = {each.value};\n" for n, each in enumerate(events)]
    (work / "literals.ts").write_text("".join(lines), "utf-8")
    _tsc(tools, work, "--noEmit", "literals.ts")
    return [each.value for each in events]


def _root(types: Path) -> str:
    [name] = re.findall(r"^export interface (Ip\w+V1) \{", types.read_text("utf-8"), re.MULTILINE)
    return str(name)


def _tsc(tools: Toolbox, work: Path, *arguments: str) -> None:
    run([tools.node_modules / ".bin" / "tsc", *STRICT, *arguments], work)


def datamodel_code_generator(tools: Toolbox, work: Path) -> list[str]:
    """Models of pydantic 2, which check the patterns."""
    options = ["--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin"]
    made: list[str | Path] = ["--input", PUBLISHED, "--input-file-type", "jsonschema", "--output", work / "types"]
    run([tools.python, "-m", "datamodel_code_generator", *options, *made])
    return run([tools.python, THROUGH_PYDANTIC], work, _lines(samples())).splitlines()


def _of_quicktype(tools: Toolbox) -> str:
    return tools.of_node("quicktype")


GENERATORS = (
    Generator(
        "quicktype",
        "Go",
        "quicktype -s schema -l go",
        ["node_modules/quicktype", "node", "go"],
        _of_quicktype,
        quicktype_go,
    ),
    Generator(
        "quicktype",
        "Java",
        "quicktype -s schema -l java",
        ["node_modules/quicktype", "jars", "node", "javac"],
        _of_quicktype,
        quicktype_java,
    ),
    Generator(
        "quicktype",
        "TypeScript, `tsc --strict`",
        "quicktype -s schema -l typescript",
        ["node_modules/quicktype", "node_modules/typescript", "node"],
        _of_quicktype,
        quicktype_typescript,
    ),
    Generator(
        "json-schema-to-typescript",
        "TypeScript, `tsc --strict`",
        "json2ts",
        ["node_modules/json-schema-to-typescript", "node_modules/typescript", "node"],
        lambda tools: tools.of_node("json-schema-to-typescript"),
        json_schema_to_typescript,
    ),
    Generator(
        "go-jsonschema",
        "Go",
        "go-jsonschema -p PACKAGE",
        ["bin/go-jsonschema", "go"],
        lambda tools: tools.of_go(tools.go_jsonschema),
        go_jsonschema,
    ),
    Generator(
        "datamodel-code-generator",
        "Python, pydantic 2",
        "datamodel-codegen --output-model-type pydantic_v2.BaseModel",
        ["python/bin/python"],
        lambda tools: tools.of_python("datamodel-code-generator"),
        datamodel_code_generator,
    ),
)
