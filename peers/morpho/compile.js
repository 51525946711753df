// `node compile.js DIR`: compiles Morpho and the mocks of its own package, with the settings it is
// deployed with, and writes the code that creates each contract as DIR/NAME.hex.
const fs = require("fs");
const path = require("path");
const solc = require("solc");

const root = path.join(__dirname, "node_modules");
const base = "@morpho-org/morpho-blue/src/";
const names = { Morpho: "", ERC20Mock: "mocks/", OracleMock: "mocks/", IrmMock: "mocks/" };
const files = Object.entries(names).map(([name, folder]) => `${base}${folder}${name}.sol`);
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");

const input = {
  language: "Solidity",
  sources: Object.fromEntries(files.map((file) => [file, { content: read(file) }])),
  settings: {
    viaIR: true,
    optimizer: { enabled: true, runs: 999999 },
    evmVersion: "paris",
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
  },
};
const find = (file) => ({ contents: read(file) });
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
for (const { severity, formattedMessage } of output.errors ?? []) {
  if (severity === "error") {
    console.error(formattedMessage);
    process.exitCode = 1;
  }
}
if (!process.exitCode) {
  fs.mkdirSync(process.argv[2], { recursive: true });
  for (const [name, folder] of Object.entries(names)) {
    const code = output.contracts[`${base}${folder}${name}.sol`][name].evm.bytecode.object;
    fs.writeFileSync(path.join(process.argv[2], `${name}.hex`), code);
  }
}
