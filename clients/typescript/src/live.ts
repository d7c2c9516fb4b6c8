/** A change of the book: its position, and the number of records since the change before. */
export interface Change {
  position: string;
  records: number;
}

/** Yield the events of a stream (Server-Sent Events, HTML Living Standard, section 9.2) as [name, id, data]. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<[string, string, string]> {
  let [name, id, data] = ["", "", ""];
  for await (const line of linesOf(body)) {
    const [field, value] = [line.split(":", 1)[0], line.slice(line.indexOf(":") + 1).trimStart()];
    if (line === "") {
      if (name !== "") yield [name, id, data];
      [name, data] = ["", ""];
    } else if (field === "event") name = value;
    else if (field === "id") id = value;
    else if (field === "data") data = value;
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield line.replace(/\r$/, "");
    }
  } finally {
    await reader.cancel();
  }
}
