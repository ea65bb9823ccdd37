import { describeApp } from '@patchbay-examples/app-suite';
import { startApp } from '../src/app.ts';

describeApp('the hub in a Fastify app', startApp);
