/** Publish events to ip-ledger and ask it, over HTTP: in Node, Deno, Bun and browsers. */

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./contract/api.js";
import type { Events } from "./contract/events.js";
import { type Change, eventsOf } from "./live.js";
import { requireSuccess } from "./problem.js";

export type { Change } from "./live.js";
export { type EventError, Problem } from "./problem.js";
export type { Events, paths };

const API = "/api/v1";
const BATCH = "application/cloudevents-batch+json";

type Answered<P> = P extends { get: { responses: { 200: { content: { "application/json": infer A } } } } } ? A : never;
type AskedOf<P> = P extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
type Short<P> = P extends `${typeof API}/${infer Q}` ? Q : never;

/** Questions whose answers have rows, such as `totals` or `views/pledge_stock`. */
export type Question = {
  [P in keyof paths]: Answered<paths[P]> extends { rows: unknown[]; position: string } ? Short<P> : never;
}[keyof paths];
type PathOf<Q extends Question> = `${typeof API}/${Q}` & keyof paths;
/** Parameters of a question. `filter` has conditions such as `year>=2020`, which must all hold. */
export type Asked<Q extends Question> = AskedOf<paths[PathOf<Q>]>;
/** One page: rows, the position that they stand on, and the path of the next page. */
export type Answer<Q extends Question> = Answered<paths[PathOf<Q>]>;
/** A row of an answer. */
export type Row<Q extends Question> = Answer<Q> extends { rows: (infer R)[] } ? R : never;

/** The place of a published event in the log. */
export interface Receipt {
  id: string;
  subject: string;
  topic: string;
  partition: number;
  offset: number;
}

/** The receipts of events, in their order, and the position behind them, for `min_position` of a question. */
export interface Published {
  receipts: Receipt[];
  position: string;
}

/** Publishes events and asks questions. Methods throw a Problem, or fetch's own error if there is no answer. */
export class Ledger {
  /** Every operation of the API, typed by its OpenAPI document; see openapi-fetch. Errors are thrown here too. */
  readonly api: Client<paths>;

  /** `address` has no slash at its end; it is empty in a page of the ledger's own server. */
  constructor(
    private readonly address: string,
    private readonly token?: string,
  ) {
    this.api = createClient<paths>({ baseUrl: address, headers: this.headers({ Accept: "application/json" }) });
    this.api.use({ onResponse: async ({ response }) => void (await requireSuccess(response)) });
  }

  /** Publish up to 500 events, all or none; return once the log has them. */
  async publish(...events: Events[keyof Events][]): Promise<Published> {
    return this.publishText(`[${events.map((event) => JSON.stringify(event)).join(",")}]`);
  }

  /** Publish a JSON array of events that were stored as text: a repeated event must have the same bytes. */
  async publishText(batch: string): Promise<Published> {
    const headers = this.headers({ "Content-Type": BATCH, Accept: "application/json" });
    const response = await fetch(`${this.address}${API}/events`, { method: "POST", body: batch, headers });
    return (await (await requireSuccess(response)).json()) as Published;
  }

  /** Return the first page of a question. */
  async ask<Q extends Question>(question: Q, asked: Asked<Q> = {} as Asked<Q>): Promise<Answer<Q>> {
    return this.page<Q>(`${API}/${question}?${parametersOf(asked)}`);
  }

  /** Yield the rows of all pages. */
  async *rows<Q extends Question>(question: Q, asked: Asked<Q> = {} as Asked<Q>): AsyncGenerator<Row<Q>> {
    let page = (await this.ask(question, asked)) as Page<Row<Q>>;
    yield* page.rows;
    while (page.next) {
      page = (await this.page<Q>(page.next)) as Page<Row<Q>>;
      yield* page.rows;
    }
  }

  /** Yield the changes of the book without end; after a lost connection, connect again and continue. */
  async *follow(since?: string, signal?: AbortSignal): AsyncGenerator<Change> {
    for (let position = since; !signal?.aborted; await pause(1000)) {
      try {
        for await (const change of this.changes(position, signal)) {
          position = change.position;
          yield change;
        }
      } catch (error) {
        if (!(error instanceof TypeError) && !signal?.aborted) throw error; // fetch: no connection, or a broken one
      }
    }
  }

  private async *changes(since: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<Change> {
    const headers = this.headers({ Accept: "text/event-stream", ...(since ? { "Last-Event-ID": since } : {}) });
    const response = await requireSuccess(await fetch(`${this.address}${API}/live`, { headers, signal: signal ?? null }));
    if (response.body === null) return;
    for await (const [name, position, data] of eventsOf(response.body)) {
      if (name === "position") yield { position, records: JSON.parse(data).records };
    }
  }

  private async page<Q extends Question>(path: string): Promise<Answer<Q>> {
    const response = await fetch(this.address + path, { headers: this.headers({ Accept: "application/json" }) });
    return (await (await requireSuccess(response)).json()) as Answer<Q>;
  }

  private headers(more: Record<string, string>): Record<string, string> {
    return this.token === undefined ? more : { ...more, Authorization: `Bearer ${this.token}` };
  }
}

interface Page<R> {
  rows: R[];
  next?: string | null;
}

function parametersOf(asked: object): URLSearchParams {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
