/** One line of imports, taken apart. */
interface Import {
  readonly keyword: string;
  readonly module: string;
  readonly names: readonly string[];
}

const block = /(?:^import .+ from '[^']+';\n)+/m;
const line = /^(import(?: type)?) \{ (.+) \} from '([^']+)';$/;

/** A file whose imports stand once for each module and in their order, whichever parts of a template they came from. */
export const tidyImports = (text: string): string =>
  text.replace(block, (lines) => `${tidyLines(lines.trimEnd().split('\n')).join('\n')}\n`);

function tidyLines(lines: readonly string[]): readonly string[] {
  const imports = new Map<string, Import>();
  for (const each of lines) {
    const [, keyword = '', names = '', module = ''] = line.exec(each) ?? [];
    const key = `${keyword} ${module}`;
    imports.set(key, { keyword, module, names: [...(imports.get(key)?.names ?? []), ...names.split(', ')] });
  }
  return [...imports.values()]
    .sort((one, other) => (placeOf(one.module) < placeOf(other.module) ? -1 : 1))
    .map(({ keyword, module, names }) => `${keyword} { ${[...names].sort(byName).join(', ')} } from '${module}';`);
}

/** Packages first, then files, the farthest before the nearest. */
const placeOf = (module: string): string => `${module.startsWith('../') ? 1 : module.startsWith('./') ? 2 : 0}${module}`;

const byName = (one: string, other: string): number => (rankOf(one) < rankOf(other) ? -1 : 1);

/** By letters, a capital before the same small one; `type` before a name counts for nothing. */
const rankOf = (name: string): string =>
  name.replace(/^type /, '').replace(/./g, (letter) => `${letter.toLowerCase()}${/[A-Z]/.test(letter) ? 0 : 1}`);
