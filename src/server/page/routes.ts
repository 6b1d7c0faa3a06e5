import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { asset } from './assets.ts';
import { pageDocument } from './document.ts';

/**
 * The page at / and its files. It asks the same query API as any client. Where any token is let in it comes with one that other
 * sites cannot read; where the server has a token of its own the user must type it. There is no cookie: other ports of this
 * machine would get it too.
 */
export function pageRoutes({ token }: { readonly token: string | undefined }): Hono {
  const document = pageDocument(token === undefined ? randomBytes(24).toString('base64url') : '');
  const routes = new Hono();
  routes.get('/', (c) => c.html(document));
  routes.get('/assets/:name', async (c) => {
    const found = await asset(c.req.param('name'));
    return found ? c.body(found.body, 200, { 'content-type': found.type }) : c.notFound();
  });
  return routes;
}
