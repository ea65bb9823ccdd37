import { describeQueue, describeStorage } from '@patchbay/testing';
import { afterAll } from 'vitest';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { queueFactory, sharedFileFactory } from './support/conformance-factory.ts';

const { factory, close } = sharedFileFactory(sqliteStorage);
afterAll(close);

describeStorage('sqlite', factory);

describeQueue('sqlite', queueFactory(sqliteStorage));
