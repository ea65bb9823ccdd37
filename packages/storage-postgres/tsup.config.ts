import { defineConfig, type Options } from 'tsup';
import shared from '../../tsup.base.ts';

// The command is no export, so the manifest's exports do not name it.
const options: Options = { ...(shared as Options), entry: ['src/index.ts', 'src/patchbay-postgres.ts'] };

export default defineConfig(options);
