// Write the types that come from the contract: those of events from their published schemas, those of questions and
// answers from a ledger's OpenAPI document.
// Usage: node generate.mjs SCHEMAS OPENAPI (the directory schemas/published; an address or a file)

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compile } from "json-schema-to-typescript";
import openapiTS, { astToString } from "openapi-typescript";

const [schemas, openapi] = process.argv.slice(2);
const to = "src/contract";
await mkdir(join(to, "events"), { recursive: true });

const names = (await readdir(schemas)).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
for (const name of names) {
  const schema = JSON.parse(await readFile(join(schemas, `${name}.json`), "utf-8"));
  schema.title = "Event";
  await writeFile(join(to, "events", `${name}.ts`), await compile(schema, "Event", { cwd: schemas }));
}
const members = names.map((name) => `  "${name}": import("./events/${name}.js").Event;\n`);
await writeFile(
  join(to, "events.ts"),
  `/** Type of an event -> the event as JSON. */\nexport interface Events {\n${members.join("")}}\n`,
);

const document = /^https?:/.test(openapi) ? new URL(openapi) : pathToFileURL(resolve(openapi));
await writeFile(join(to, "api.ts"), astToString(await openapiTS(document)));
