/** The server's answer is an error (RFC 9457). `members` has all that it gave. */
export class Problem extends Error {
  /** The error's own name, such as `UnknownName`. */
  readonly kind: string;

  constructor(
    readonly status: number,
    readonly members: Readonly<Record<string, unknown>>,
  ) {
    super(`${status} ${members.title ?? ""}: ${members.detail ?? ""}`);
    this.name = "Problem";
    this.kind = String(members.type ?? "").split("/").at(-1) ?? "";
  }

  /** What is wrong with each refused event: index, rule, path and message. Empty if the problem is another one. */
  get errors(): readonly EventError[] {
    return Array.isArray(this.members.errors) ? (this.members.errors as EventError[]) : [];
  }
}

export interface EventError {
  index: number;
  rule: string;
  path: string;
  message: string;
}

/** Return a response if it is a success, else throw the Problem that it describes. */
export async function requireSuccess(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  throw new Problem(response.status, membersOf(text) ?? { title: response.statusText, detail: text.slice(0, 500) });
}

function membersOf(text: string): Record<string, unknown> | undefined {
  try {
    const members: unknown = JSON.parse(text);
    return typeof members === "object" && members !== null ? (members as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
