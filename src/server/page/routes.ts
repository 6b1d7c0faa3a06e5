import { Hono } from 'hono';
export function pageRoutes(_options: { readonly token: string | undefined }): Hono {
  const routes = new Hono();
  routes.get('/', (c) => c.html('<!doctype html><title>Factorwatch</title>'));
  return routes;
}
