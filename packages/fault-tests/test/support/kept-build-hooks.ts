// Lets a kept build find its dependencies: it stands in a folder of its own, and they are those of the packages that it was made of.
import { registerHooks } from 'node:module';

const owners = ['core', 'storage-postgres', 'fault-tests'].map((name) => new URL(`../../../${name}/package.json`, import.meta.url).href);

registerHooks({
  resolve(specifier, context, next) {
    if (!/^[a-z@]/.test(specifier) || /^(node|file|data):/.test(specifier)) return next(specifier, context);
    for (const parentURL of owners) {
      try {
        return next(specifier, { ...context, parentURL });
      } catch {
        // Another package may have it.
      }
    }
    return next(specifier, context);
  },
});
