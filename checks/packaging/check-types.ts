import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData, type ResolutionKind } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';

/** How an importer of an ESM-only package may look it up: the checker's profile `esm-only`. */
const supported: readonly ResolutionKind[] = ['node16-esm', 'bundler'];

/** What is wrong with the types of a packed package, as ways of importing it see them. */
export async function checkTypes(archive: string): Promise<readonly string[]> {
  const result = await checkPackage(createPackageFromTarballData(readFileSync(archive)));
  if (result.types === false) return ['has no types'];
  const relevant = result.problems.filter((problem) => supported.some((kind) => problemAffectsResolutionKind(problem, kind, result)));
  return relevant.map((problem) => JSON.stringify(problem));
}
