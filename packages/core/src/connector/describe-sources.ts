import type { ContentSource } from './content-source.ts';
import { describeScope } from './describe-scope.ts';
import type { ContentManifest, OptionSourceManifest } from './manifest.ts';
import type { OptionSource } from './option-source.ts';

/** A source of choices as data. */
export function describeOptionSource(name: string, source: OptionSource): OptionSourceManifest {
  return {
    name,
    title: source.title,
    needs: [...(source.needs ?? [])],
    scopes: (source.scopes ?? []).map((scope) => describeScope(scope, source.title)),
    resource: source.resource ?? null,
    resources: structuredClone(source.resources ?? {}),
    searches: source.searches ?? false,
  };
}

/** A source of documents as data. */
export function describeContent(name: string, source: ContentSource): ContentManifest {
  return {
    name,
    title: source.title,
    description: source.description,
    scopes: (source.scopes ?? []).map((scope) => describeScope(scope, source.title)),
    resource: source.resource ?? null,
    needsContainers: source.needsContainers ?? false,
    intervalMs: source.intervalMs,
    rereadMs: source.rereadMs ?? null,
    deletedBy: Object.keys(source.deletedBy ?? {}),
  };
}
