import { type ConnectorHttp, path } from '@patchbay/core';
import { channelNamesSchema } from '../slack-schemas.ts';

/** A search for a channel by its name. */
export interface ChannelSearch {
  readonly http: ConnectorHttp;
  /** Without #. */
  readonly name: string;
  readonly types?: string;
  readonly team?: string | undefined;
}

/** The id of the channel of this name, among those that the account can list and that are not archived. */
export async function findChannel({ http, name, types, team }: ChannelSearch): Promise<string | undefined> {
  const channels = http.pages(path`/conversations.list`, {
    query: {
      exclude_archived: true,
      limit: 1_000,
      ...(types === undefined ? {} : { types }),
      ...(team === undefined ? {} : { team_id: team }),
    },
    response: channelNamesSchema,
    items: (page) => page.channels,
    paging: { by: 'cursor', cursor: (page) => page.response_metadata?.next_cursor },
  });
  for await (const listed of channels) if (listed.name === name) return listed.id;
  return undefined;
}
