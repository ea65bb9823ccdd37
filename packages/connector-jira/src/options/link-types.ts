import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';

/** The types of links between issues, by their names. */
export const linkTypes: OptionSource = {
  title: 'Types of links',
  scopes: [{ scope: 'read:jira-work', reason: 'To offer types of links.' }],
  resources: ofNoProject,
  async list({ http }) {
    const { issueLinkTypes } = await http.get(path`/api/3/issueLinkType`, {
      response: z.object({ issueLinkTypes: z.array(z.object({ name: z.string(), outward: z.string() })) }),
    });
    return {
      options: issueLinkTypes.slice(0, 200).map(({ name, outward }) => ({ value: name, label: name.slice(0, 200), description: outward })),
    };
  },
};
