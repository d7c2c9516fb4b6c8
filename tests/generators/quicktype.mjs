// Make types of each schema in a directory with quicktype, as its command line does, in one process.
// Usage: node quicktype.mjs TOOLS LANGUAGE SCHEMAS OUT
import { mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const [tools, language, schemas, out] = process.argv.slice(2);
const { main } = createRequire(`${tools}/`)("quicktype");
const file = { go: "event.go", java: "Event.java", typescript: "event.ts" }[language];

for (const schema of readdirSync(schemas)) {
  const name = schema.replace(/\.json$/, "").replaceAll(".", "_");
  const options = language === "typescript" ? [] : ["--package", name];
  mkdirSync(`${out}/${name}`);
  await main([
    ...["--src-lang", "schema", "--lang", language, "--top-level", "Event", ...options],
    ...["--out", `${out}/${name}/${file}`, `${schemas}/${schema}`],
  ]);
}
