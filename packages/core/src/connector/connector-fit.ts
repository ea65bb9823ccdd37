import satisfies from 'semver/functions/satisfies.js';
import type { ConnectorManifest } from './manifest.ts';

/** Prereleases count as versions of their range: who installs `1.2.0-beta.1` of a hub or a connector means it. */
const prereleasesCount = { includePrerelease: true };

/** Why a connector does not fit a hub of this version, and what to do; `undefined` where it fits. */
export function hubMisfit(manifest: ConnectorManifest, hubVersion: string): string | undefined {
  if (satisfies(hubVersion, manifest.hub, prereleasesCount)) return undefined;
  return `The connector ${manifest.id} ${manifest.version} needs a hub ${manifest.hub}, and this hub is ${hubVersion}. Install a version of the connector made for this hub, or another hub.`;
}

/** What the dependencies of the registered connectors lack, one sentence with its remedy each; any registered major may satisfy a range. */
export function dependencyMisfits(manifests: readonly ConnectorManifest[]): readonly string[] {
  return manifests.flatMap(({ id, version, dependencies }) =>
    Object.entries(dependencies).flatMap(([needed, range]) => {
      const versions = manifests.filter((manifest) => manifest.id === needed).map((manifest) => manifest.version);
      if (versions.some((found) => satisfies(found, range, prereleasesCount))) return [];
      const need = `The connector ${id} ${version} needs the connector ${needed} ${range}`;
      return versions.length === 0
        ? [`${need}, which is not registered. Register it.`]
        : [`${need}, and ${versions.join(' and ')} is registered. Register a version of ${needed} that fits.`];
    }),
  );
}
