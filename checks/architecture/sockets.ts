import { modulesIn } from './module-graph.ts';
import { isTestFile, type SourceTree } from './source-tree.ts';

const opener = /^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises)$/;

/** Run-time packages with one home in core: the rooms, or files at the top, that alone may name them. */
const homes: Readonly<Record<string, RegExp>> = {
  undici: /^packages\/core\/src\/net\//,
  oauth4webapi: /^packages\/core\/src\/oauth\//,
  bottleneck: /^packages\/core\/src\/gateway\//,
  cockatiel: /^packages\/core\/src\/gateway\/resilience\//,
  'p-retry': /^packages\/core\/src\/gateway\/resilience\//,
  '@opentelemetry/api': /^packages\/core\/src\/telemetry\//,
  nodemailer: /^packages\/core\/src\/actions\/email\//,
  'quickjs-emscripten-core': /^packages\/script-quickjs\/src\//,
  '@jitl/quickjs-wasmfile-release-sync': /^packages\/script-quickjs\/src\//,
  eventemitter3: /^packages\/core\/src\/[^/]+\.ts$/,
};
const net = /^packages\/core\/src\/net\//;

/** Shipped code that may open sockets by its nature: a database driver's users and the fake providers. */
const own = /^packages\/(testing|core-tests|fault-tests|postgres-server|storage-[^/]+)\//;

/** Code outside the `net` room that could open a socket, and packages used outside their one home. */
export function findSocketFaults(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, mentions] of modulesIn(tree, 'packages')) {
    if (isTestFile(path) || own.test(path) || !path.includes('/src/')) continue;
    for (const { specifier, typeOnly } of mentions) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      // A type of node:http opens nothing, and the bridge to a host's server has to name it.
      if (opener.test(specifier) && !typeOnly && !net.test(path)) faults.push(`${path}: only net opens sockets (${specifier})`);
      if (Object.hasOwn(homes, name) && homes[name]?.test(path) === false) faults.push(`${path}: ${name} has another home`);
    }
  }
  return faults;
}
