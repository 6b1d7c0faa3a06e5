/** The route by which commands of other processes on the same data directory work through this server. */
export interface Relay {
  readonly path: string;
  /** Answers GET and POST of that path; checks its own token, which is not the one of the APIs. */
  readonly handle: (request: Request) => Promise<Response>;
}
