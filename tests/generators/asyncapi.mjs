// Print what AsyncAPI's own parser finds wrong in a document: asyncapi.mjs DOCUMENT
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { Parser } = require("@asyncapi/parser");
const source = process.argv[2];
const { diagnostics } = await new Parser().parse(readFileSync(source, "utf-8"), { source });
for (const { code, message, path, severity } of diagnostics) {
  if (severity < 2) console.log(`${path.join(".")}: ${code}: ${message}`);
}
