const decide = `
const event = msg.payload;
const labels = event.issue.labels;
msg.statusCode = 202;
if (event.action !== 'opened' || !labels.some((label) => label.name === 'bug') || (event.issue.body || '').length <= 20) {
  return [{ ...msg, payload: '' }, null];
}
const call = {
  headers: { authorization: 'Basic b3BzQGV4YW1wbGUuY29tOnRva2Vu', 'content-type': 'application/json', accept: 'application/json' },
  payload: { fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: '#' + event.issue.number + ' ' + event.issue.title } },
};
return [{ ...msg, payload: '' }, call];
`;

/** The flow: http in -> function -> http response and http request, as Node-RED stores it. */
export function nodeRedFlow(sinkOrigin: string): readonly Readonly<Record<string, unknown>>[] {
  return [
    { id: 'flow', type: 'tab', label: 'pipeline-memory', disabled: false },
    { id: 'in', z: 'flow', type: 'http in', name: '', url: '/webhooks/github', method: 'post', upload: false, wires: [['decide']] },
    { id: 'decide', z: 'flow', type: 'function', name: '', func: decide, outputs: 2, wires: [['answer'], ['create']] },
    { id: 'answer', z: 'flow', type: 'http response', name: '', statusCode: '', headers: {}, wires: [] },
    {
      id: 'create',
      z: 'flow',
      type: 'http request',
      name: '',
      method: 'POST',
      ret: 'obj',
      paytoqs: 'ignore',
      url: `${sinkOrigin}/rest/api/3/issue`,
      persist: true,
      authType: '',
      senderr: false,
      headers: [],
      wires: [[]],
    },
  ];
}
