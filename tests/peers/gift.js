// Reads GIFT files with gift-pegjs; writes their questions as JSON, by the name of the file.
const fs = require("fs");
const { parse } = require("gift-pegjs");

const read = {};
for (const file of process.argv.slice(2)) {
  try {
    read[file] = parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    const at = error.location ? `:${error.location.start.line}:${error.location.start.column}` : "";
    process.stderr.write(`${file}${at}: ${error.message}\n`);
    process.exit(1);
  }
}
process.stdout.write(JSON.stringify(read));
