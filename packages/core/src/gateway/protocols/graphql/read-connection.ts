import type { GraphqlConnection, GraphqlPageOptions } from '../../../connector/graphql-options.ts';
import type { RequestPath } from '../../../connector/path.ts';
import type { Schema, SchemaOutput } from '../../../connector/schema.ts';
import { createPageCount } from '../../paging/page-count.ts';

/** What reading a connection needs. */
export interface ReadConnectionInput<S extends Schema, Node, Text extends string> {
  readonly path: RequestPath;
  readonly options: GraphqlPageOptions<S, Node, Text>;
  get(variables: GraphqlPageOptions<S, Node, Text>['variables']): Promise<SchemaOutput<S>>;
}

/** The nodes of a connection, page by page. Throws as a listing does whose pages repeat or do not end. */
export async function* readConnection<S extends Schema, Node, Text extends string>(
  input: ReadConnectionInput<S, Node, Text>,
): AsyncGenerator<Node, void, undefined> {
  const { options, path } = input;
  const { cursorVariable = 'after', variables } = options;
  const count = createPageCount(path, options.maximumPages);
  let cursor: string | null | undefined = null;
  do {
    count.begin(cursor ?? '');
    const page = await input.get(cursor === null ? variables : { ...variables, [cursorVariable]: cursor });
    const connection: GraphqlConnection<Node> = options.connection(page);
    const nodes = nodesOf(connection);
    count.end(nodes.length);
    yield* nodes;
    const { hasNextPage, endCursor } = connection.pageInfo;
    if (hasNextPage && (endCursor === undefined || endCursor === null || endCursor === ''))
      throw count.fault('says that it goes on and not where. Ask for endCursor in its pageInfo.');
    cursor = hasNextPage ? endCursor : undefined;
  } while (cursor !== undefined && cursor !== null);
}

function nodesOf<Node>({ nodes, edges }: GraphqlConnection<Node>): readonly Node[] {
  const found = nodes ?? edges?.map((edge) => edge?.node) ?? [];
  return found.filter((node): node is Node => node !== null && node !== undefined);
}
