/** Requests that one call of an action cannot do without, by connector, one number for each of its cases; an action that is not here needs one. */
export const leastRequests: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  github: {
    // A new file; one that is there, which is replaced by the hash of what it holds.
    put_file: [1, 2],
  },
  slack: {
    // Slack gives an address for the bytes, and is told where the file belongs; the bytes themselves go to another host, which does not count here.
    upload_file: [2],
  },
  jira: {
    // A transition is named by an id, which the issue tells.
    transition_issue: [2],
    // What is known of a file, and what it holds.
    get_attachment: [2],
    // A version belongs to a project's id, and people know its key.
    create_version: [2],
  },
};
