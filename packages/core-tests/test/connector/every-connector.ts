import * as github from '@patchbay/connector-github';
import * as jira from '@patchbay/connector-jira';
import * as slack from '@patchbay/connector-slack';
import type { Connector } from '@patchbay/core';

/** What each connector package of this repository exports, by its folder: functions that make its connectors. */
export const connectorPackages: Readonly<Record<string, Readonly<Record<string, () => Connector>>>> = {
  'connector-github': { ...github },
  'connector-jira': { ...jira },
  'connector-slack': { ...slack },
};

/** Every connector of this repository. */
export const everyConnector: readonly Connector[] = Object.values(connectorPackages).flatMap((exported) =>
  Object.values(exported).map((make) => make()),
);
