/** What a browser of the walk shows. */
export interface Browser {
  /** Address of the page that it shows. */
  readonly url: () => string;
  /** The page's HTML. */
  readonly page: () => string;
  open(url: string): Promise<void>;
  /** Follows a link by its text. */
  follow(text: string): Promise<void>;
  /** Presses the button of a form by its text, with what is in the form and what is given. */
  press(text: string, fields?: Readonly<Record<string, string>>): Promise<void>;
  /** The cookies that it sends to an origin. */
  cookies(origin: string): string;
  /** Stops before it opens an address that fits, and answers it. */
  stopBefore(fits: (url: URL) => boolean): void;
}

type Field = [name: string, value: string];

const mostRedirects = 15;

/** A tiny browser: cookies by origin, redirects, links and forms of plain pages, no script. */
export function openBrowser(): Browser {
  const cookies = new Map<string, Map<string, string>>();
  let [shown, page] = ['about:blank', ''];
  let stop: (url: URL) => boolean = () => false;

  const load = async (target: string, form?: URLSearchParams): Promise<void> => {
    let [url, body] = [new URL(target, shown === 'about:blank' ? undefined : shown), form];
    for (let count = 0; count < mostRedirects; count += 1) {
      shown = url.href;
      if (stop(url)) return;
      const jar = cookies.get(url.origin) ?? new Map<string, string>();
      cookies.set(url.origin, jar);
      const headers = { cookie: [...jar].map((pair) => pair.join('=')).join('; ') };
      const response = await fetch(url, { redirect: 'manual', headers, ...(body ? { method: 'POST', body } : {}) });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=', 2);
        jar.set(name, value);
      }
      const location = response.headers.get('location');
      page = await response.text();
      if (location === null) return;
      [url, body] = [new URL(location, url), undefined];
    }
    throw new Error(`More than ${mostRedirects} redirects, the last to ${shown}.`);
  };

  const cookiesFor = (origin: string): string => [...(cookies.get(origin) ?? [])].map((pair) => pair.join('=')).join('; ');
  const missing = (what: string) => new Error(`${what} is not on the page ${shown}:\n${page}`);
  return {
    url: () => shown,
    page: () => page,
    open: (url) => load(url),
    async follow(text) {
      const link = [...page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].find((match) => plain(match[2]) === text);
      if (!link) throw missing(`The link "${text}"`);
      await load(plain(link[1]));
    },
    async press(text, fields = {}) {
      for (const [, head = '', content = ''] of page.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)) {
        const button = [...content.matchAll(/<button([^>]*)>([^<]*)<\/button>/g)].find((match) => plain(match[2]) === text);
        if (!button) continue;
        const hidden = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          (match): Field => [plain(match[1]), plain(match[2])],
        );
        const pressed = /name="([^"]*)" value="([^"]*)"/.exec(button[1] ?? '');
        const chosen: Field[] = pressed ? [[plain(pressed[1]), plain(pressed[2])]] : [];
        const values: Field[] = [...hidden, ...chosen, ...Object.entries(fields)];
        return load(plain(/action="([^"]*)"/.exec(head)?.[1]), new URLSearchParams(values));
      }
      throw missing(`The button "${text}"`);
    },
    cookies: cookiesFor,
    stopBefore(fits) {
      stop = fits;
    },
  };
}

const plain = (text = ''): string => text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
