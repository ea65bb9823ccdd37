import { type ConnectorPlan, wordsOf } from './connector-plan.ts';
import { tidyImports } from './tidy-imports.ts';

const begin = /^\s*(?:\/\/|<!--) #if (\w+)(?: -->)?$/;
const end = /^\s*(?:\/\/|<!--) #end(?: -->)?$/;

/** A template's text for a plan: without the parts that the plan leaves out, and with its names. A taken word is one that the templates use. */
export function fillTemplate(text: string, plan: ConnectorPlan, isTaken: (word: string) => boolean): string {
  return tidyImports(withNames(withoutParts(text, plan), plan, isTaken));
}

/** Between `// #if part` and `// #end` stands what only some connectors have; parts do not stand in one another. */
function withoutParts(text: string, { webhooks, polling, auth }: ConnectorPlan): string {
  const parts: Readonly<Record<string, boolean>> = { webhooks, polling, oauth2: auth === 'oauth2' };
  const kept: string[] = [];
  let isKept = true;
  for (const line of text.split('\n')) {
    const [, part] = begin.exec(line) ?? [];
    if (part !== undefined) isKept = parts[part] ?? false;
    else if (end.test(line)) isKept = true;
    else if (isKept) kept.push(line);
  }
  return tidy(kept.join('\n'));
}

/** What was left out leaves no hole. */
function tidy(text: string): string {
  return text
    .replace(/\n{3,}/g, '\n\n')
    .replace(/(\w+): (\{|\[)\n\s+(\}|\]),/g, '$1: $2$3,')
    .replace(/^\n+/, '');
}

/** Text that a template carries, and what it becomes, in one pass, so that nothing that was put in is replaced again. */
function withNames(text: string, { id, name, origin, category }: ConnectorPlan, isTaken: (word: string) => boolean): string {
  const pascal = identifierOf(id, isTaken);
  const names: Readonly<Record<string, string>> = {
    'https://api.acme-notes.example': origin,
    "category: 'custom'": `category: '${category}'`,
    "name: 'Acme Notes'": `name: '${name.replaceAll("'", "\\'")}'`,
    'acme-notes': id,
    acmeNotes: lowerFirst(pascal),
    AcmeNotes: pascal,
    'Acme Notes': name.replaceAll("'", '’'),
  };
  return text.replace(anyName, (found) => names[found] ?? found);
}

const anyName = /https:\/\/api\.acme-notes\.example|category: 'custom'|name: 'Acme Notes'|acme-notes|acmeNotes|AcmeNotes|Acme Notes/g;

const lowerFirst = (word: string): string => `${word.charAt(0).toLowerCase()}${word.slice(1)}`;

/** Words of the language that cannot name a constant. */
const reserved =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|eval|arguments)$/;

/** `my-crm` is `MyCrm`, and `account`, a word that the template has for itself, is `AccountConnector`. */
function identifierOf(id: string, isTaken: (word: string) => boolean): string {
  const pascal = wordsOf(id).join('');
  const camel = lowerFirst(pascal);
  return reserved.test(camel) || [camel, pascal, `start${pascal}`].some(isTaken) ? `${pascal}Connector` : pascal;
}
