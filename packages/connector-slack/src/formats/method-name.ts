import { z } from 'zod';

// Their answers hold tokens, or addresses that open a connection by themselves; one ends the token that is in use.
const secretive = /^(?:oauth\.|openid\.|tooling\.|rtm\.|apps\.connections\.|apps\.uninstall$|auth\.revoke$|files\.getUploadURLExternal$)/;

// Every method of the Web API can be called with GET, those that write too. Those that only read end in one of these.
const reading =
  /(?:^|\.)(?:list[A-Z]?\w*|info|history|replies|members|conversations|test|identity|lookupByEmail|get[A-Z]?\w*|search|all|messages|files|teamInfo|accessLogs|integrationLogs|billableInfo)$/;

const method = z
  .string()
  .regex(/^[a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)+$/)
  .max(100)
  .refine((name) => !secretive.test(name), { error: 'methods that give or end tokens cannot be called' });

/** A method of the Web API as a path of one segment. */
export const writingPath = z.tuple([method]).describe("The method, such as ['bookmarks.edit'].");

/** The same for a method that only reads, by the last word of its name. */
export const readingPath = z
  .tuple([method.refine((name) => reading.test(name), { error: 'by its name the method may write; call it with api_write' })])
  .describe("The method, such as ['emoji.list'].");
