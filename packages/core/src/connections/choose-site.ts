import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { Json } from '../json/json.ts';

type Settings = Readonly<Record<string, Json>>;

/** What is known of the site that a person wants. */
export interface WantedSite {
  /** What was said when connecting began. */
  readonly given: Settings;
  /** Of the connection that is connected anew; empty for a new one. */
  readonly before: Settings;
}

/** What became of the choice. `several`: the person chooses. `none`: what was said fits no site that was granted. */
export type SiteChoice = { readonly site: ConnectorSite } | 'several' | 'none';

/** Takes the one site that fits: what was said when connecting began, else the site from before, else the only one there is. */
export function chooseSite(sites: readonly ConnectorSite[], { given, before }: WantedSite): SiteChoice {
  const fitting = sites.filter((site) => fits(site, given));
  const [only] = fitting;
  if (only === undefined) return 'none';
  if (fitting.length === 1) return { site: only };
  const same = fitting.filter((site) => Object.keys(site.settings).some((name) => before[name] !== undefined) && fits(site, before));
  const [known] = same;
  return known !== undefined && same.length === 1 ? { site: known } : 'several';
}

/** Settings that nobody has said fit any site. */
function fits({ settings }: ConnectorSite, wanted: Settings): boolean {
  return Object.entries(settings).every(([name, value]) => wanted[name] === undefined || wanted[name] === value);
}
