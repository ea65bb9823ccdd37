import type { ConnectorManifest } from '@patchbay/core';

/** The project in an issue's key. An issue's id tells none. */
export const projectOfKey = '(.+)-\\d+';

/** Where an action names its project itself. */
export const namedByProject = { project: [{ fields: ['project'] }] } as const;

/** Of what is told by an id of its own: it names no project, so a confined connection does not reach it. */
export const namedByNothing = { project: 'any' } as const;

/** Of what belongs to no project, such as people. */
export const ofNoProject = { project: 'untouched' } as const;

/** Where an action on an issue names its project. */
export const namedByIssue = { project: [{ fields: ['issue'], within: projectOfKey }] } as const;

/** Where a delivery names it: in the issue's key, and once more where the issue's fields came along. */
export const namedByDelivery = {
  project: [{ fields: ['issue.key'], within: projectOfKey }, { fields: ['issue.fields.project.key'] }],
} as const;

/** Where a delivery about a project itself names it. */
export const namedByProjectDelivery = { project: [{ fields: ['project.key'] }] } as const;

/**
 * A connection can be confined to projects, by their keys. The host's own requests reach issues by their keys, to read them and what belongs to
 * them, and to comment; what changes an issue may name a parent in another project in its body and is left to the actions.
 */
export const jiraResources: ConnectorManifest['resources'] = {
  project: {
    title: 'Project',
    example: 'OPS',
    pattern: '[A-Z][A-Z0-9_]{1,254}',
    letters: 'upper',
    paths: [
      { path: '/api/3/project/{}', methods: ['GET', 'HEAD'] },
      { path: '/api/3/project/{}/**', methods: ['GET', 'HEAD'] },
      { path: '/api/3/issue/{}', methods: ['GET', 'HEAD'], within: projectOfKey },
      { path: '/api/3/issue/{}/**', methods: ['GET', 'HEAD'], within: projectOfKey },
      { path: '/api/3/issue/{}/comment', within: projectOfKey },
      { path: '/api/3/issue/{}/comment/**', within: projectOfKey },
    ],
  },
};
