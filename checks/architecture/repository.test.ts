import { describe, expect, it } from 'vitest';
import { findConnectorFaults } from './connector-files.ts';
import { findCycles } from './cycles.ts';
import { findDoorFaults } from './doors.ts';
import { findLongFiles } from './file-length.ts';
import { findIndexFaults } from './index-files.ts';
import { findLayerFaults } from './layers.ts';
import { findLeaks } from './leaks.ts';
import { findNameFaults } from './names.ts';
import { findBorderFaults } from './package-borders.ts';
import { findAnyFaults, findWorldFaults } from './purity.ts';
import { findSocketFaults } from './sockets.ts';
import { readSourceTree } from './source-tree.ts';
import { findZodFaults } from './zod-peer.ts';

const tree = readSourceTree();

// Each rule's own test beside it shows that it objects to what it forbids.
describe('this repository', () => {
  it('is read whole', () => {
    const paths = [...tree.keys()];
    for (const path of ['package.json', '.gitignore', 'packages/core/src/index.ts', 'checks/architecture/repository.test.ts']) {
      expect(paths).toContain(path);
    }
    expect(paths.filter((path) => /(^|\/)(node_modules|dist|\.git|\.toolchain)\//.test(path))).toEqual([]);
  });

  it('imports downwards in core, and never between rooms of one layer', () => expect(findLayerFaults(tree)).toEqual([]));
  it('has no import cycle, types included', () => expect(findCycles(tree)).toEqual([]));
  it('crosses the border of a package only by its name, and imports no index', () => expect(findBorderFaults(tree)).toEqual([]));
  it('has short sorted indexes of names', () => expect(findIndexFaults(tree)).toEqual([]));
  it('keeps files short', () => expect(findLongFiles(tree)).toEqual([]));
  it('has names that say something', () => expect(findNameFaults(tree)).toEqual([]));
  it('takes time, chance, environment and network as arguments', () => expect(findWorldFaults(tree)).toEqual([]));
  it('has no any', () => expect(findAnyFaults(tree)).toEqual([]));
  it('opens sockets in net alone', () => expect(findSocketFaults(tree)).toEqual([]));
  it('has no way around net', () => expect(findDoorFaults(tree)).toEqual([]));
  it('names no package registry, no path of a machine and no work left undone', () => expect(findLeaks(tree)).toEqual([]));
  it('asks its importers for one zod, which can describe its schemas', () => expect(findZodFaults(tree)).toEqual([]));
  it('has the same files in every connector', () => expect(findConnectorFaults(tree)).toEqual([]));
});
