// Lets a child process import the packages' sources, as the tests do.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const [, name, entry = 'index'] = /^@patchbay\/([a-z0-9-]+)(?:\/([a-z0-9-]+))?$/.exec(specifier) ?? [];
    if (name === undefined) return next(specifier, context);
    return { url: new URL(`../../../${name}/src/${entry}.ts`, import.meta.url).href, shortCircuit: true };
  },
});
