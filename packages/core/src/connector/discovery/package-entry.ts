/** The conditions under which Node imports a module; where several hold, the package's own order decides. */
const conditions: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default']);

/**
 * What `import 'package'` means by a parsed package.json: its `exports`, else its `main`. `undefined` where it says nothing usable.
 * Node's own resolver cannot be asked: it resolves `import` conditions only from the module that asks. Source: nodejs.org/api/packages.html.
 */
export function packageEntry(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const { exports: declared, main } = manifest;
  if (declared !== undefined && declared !== null) return pickTarget(isMapOfPaths(declared) ? declared['.'] : declared);
  return typeof main === 'string' ? main : undefined;
}

function pickTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') ? target : undefined;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const picked = conditions.has(condition) ? pickTarget(inner) : undefined;
    if (picked !== undefined) return picked;
  }
  return undefined;
}

function isMapOfPaths(declared: unknown): declared is Readonly<Record<string, unknown>> {
  return typeof declared === 'object' && declared !== null && Object.keys(declared).some((key) => key.startsWith('.'));
}
