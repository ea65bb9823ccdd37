import { attachmentAnswer } from './fake-jira-issues.ts';
import { asJson, type JiraState, jiraFailure, nextId, timeOf, withIssue } from './fake-jira-state.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** The routes of files. A form without the header against forged requests is refused, as at Jira. */
export function jiraAttachmentRoutes(state: JiraState): ProviderRoutes {
  const findIn = ({ parameters }: ProviderRequest) =>
    state.issues.flatMap(({ attachments }) => attachments).find(({ id }) => id === parameters['id']);
  return {
    'POST /api/3/issue/:key/attachments': withIssue(state, (issue, request) => {
      if (request.headers['x-atlassian-token'] !== 'no-check') return jiraFailure(403, 'XSRF check failed');
      const file = fileIn(request);
      if (file === undefined) return jiraFailure(400, 'No file was sent under the name file.');
      const made = { id: String(nextId(state)), ...file, created: timeOf(state) };
      issue.attachments.push(made);
      return { json: asJson([attachmentAnswer(made)]), effect: true };
    }),
    'GET /api/3/attachment/content/:id': (request) => {
      const found = findIn(request);
      if (!found) return noAttachment();
      if (request.query.get('redirect') !== 'false') return { status: 303, headers: { location: 'https://media.example.com/file' } };
      return { text: found.content, headers: { 'content-type': found.mimeType } };
    },
    'GET /api/3/attachment/:id': (request) => {
      const found = findIn(request);
      // The id is a number here, and a text in the fields of an issue.
      return found ? { json: asJson({ ...attachmentAnswer(found), id: Number(found.id) }) } : noAttachment();
    },
    'DELETE /api/3/attachment/:id': (request) => {
      const found = findIn(request);
      if (!found) return noAttachment();
      for (const { attachments } of state.issues) {
        const at = attachments.indexOf(found);
        if (at !== -1) attachments.splice(at, 1);
      }
      return { status: 204, effect: true };
    },
  };
}

/** The file of a form, as text. */
function fileIn({ body, headers }: ProviderRequest): { filename: string; mimeType: string; content: string } | undefined {
  const boundary = /^multipart\/form-data; ?boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return undefined;
  for (const part of body.split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const filename = /name="file"; ?filename="([^"]*)"/.exec(head)?.[1];
    const mimeType = /content-type: ?([^\r\n]+)/i.exec(head)?.[1] ?? 'application/octet-stream';
    if (filename !== undefined) return { filename, mimeType, content: rest.join('\r\n\r\n').replace(/\r\n$/, '') };
  }
  return undefined;
}

const noAttachment = (): ProviderReply => jiraFailure(404, 'The attachment with id does not exist.');
