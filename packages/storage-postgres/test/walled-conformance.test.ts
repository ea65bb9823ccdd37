import { describeStorage } from '@patchbay/testing';
import { afterAll } from 'vitest';
import { schemaFactory } from './support/conformance-factory.ts';

const { factory, close } = schemaFactory({ walled: true });
afterAll(close);

describeStorage('postgres with row-level security', factory);
