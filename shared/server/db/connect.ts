import { Socket } from "node:net";

import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

import { failedWith } from "#shared/lib/causes.ts";

export type Orm = PostgresJsDatabase;
/** What a repository needs: the pool, or one transaction of it. */
export type Tx = Orm | Parameters<Parameters<Orm["transaction"]>[0]>[0];

export interface Db {
  readonly sql: postgres.Sql;
  readonly orm: Orm;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Most connections; statements beyond wait in the process. */
  readonly max: number;
  readonly name: string;
  /** Wall ms after which a connection that does not answer is given up, default {@link SILENT_MS}. */
  readonly silentMs?: number;
  /** Told the text of every statement, without its values. */
  readonly onStatement?: (text: string) => void;
}

/**
 * Wall ms. A process that stands still, or that the network has lost, must not keep its row locks from everybody else; nor
 * may one statement hold a connection of the pool for ever. No work of ours waits for anything outside in a transaction.
 */
const PATIENCE = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 15_000 };

/**
 * postgres.js gives a transaction its connection only when its `begin` neither fills the connection's pipeline nor crosses
 * its socket's high-water mark. Where it does, under a flood, the transaction is refused (UNSAFE_TRANSACTION) and the
 * connection goes back to the pool inside of it, so that what others write there is lost with it. So neither has a limit:
 * what waits, waits in this process in either case. [LIF6]
 */
const NO_LIMIT = 2 ** 30;

/** Of postgres.js' options, as they are handed to {@link roomySocket}. */
interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
  /** Of a Unix socket. */
  readonly path?: string | undefined;
  /** What every connection of the pool has learned. */
  readonly shared: { readonly typeArrayMap: Readonly<Record<string, number>> };
  /** Whether the next connection asks for the types of arrays. */
  readonly fetch_types: boolean;
}

/**
 * Wall ms; longer than any statement may take. A server that vanished without a word, or whose words a network swallows, is
 * found lost by the kernel after a quarter of an hour at best, and whoever waits for its answer would wait as long. [LIF8]
 */
const SILENT_MS = 45_000;

/** A socket that takes whatever is written to it. It connects while it is handed over, and tells of a failure by its events. */
function roomySocket({ host, port, path }: Where, silentMs: number): Socket {
  // Cast: a socket takes a stream's options too; its types do not say so.
  const socket = new Socket({ writableHighWaterMark: NO_LIMIT } as ConstructorParameters<typeof Socket>[0]);
  if (path) socket.connect(path);
  else socket.connect(port[0] ?? 5432, host[0] ?? "localhost");
  // Afterwards: `connect` puts the class's own `write` back.
  writeTogether(socket);
  endWhenSilent(socket, silentMs);
  return socket;
}

/** postgres.js writes at once what is longer, bytes; what is shorter, and whatever follows it, at the end of the turn. */
const AT_ONCE = 1024;

/** Writes what is said in one turn of the loop in one call: each costs a system call and wakes up the server. */
function writeTogether(socket: Socket): void {
  const write = socket.write.bind(socket);
  let held = false;
  const letGo = (): void => {
    if (!held) return;
    held = false;
    socket.uncork();
  };
  // Cast: the same function; the overloads are its own.
  socket.write = ((...args: Parameters<typeof write>) => {
    const [piece] = args;
    // The last of its turn.
    if (piece.length < AT_ONCE) {
      const taken = write(...args);
      letGo();
      return taken;
    }
    if (!held) {
      held = true;
      socket.cork();
      // Behind the one of postgres.js, if there is to be one: it is set while promises are carried on, this one after them.
      process.nextTick(() => setImmediate(letGo));
    }
    return write(...args);
  }) as typeof socket.write;
}

/** Ends a socket to which something was said and nothing came back. One that only idles stays. */
function endWhenSilent(socket: Socket, silentMs: number): void {
  const write = socket.write.bind(socket);
  let waiting: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  // Cast: the same function, with the time taken; the overloads are its own.
  socket.write = ((...args: Parameters<typeof write>) => {
    // Whoever has much to say, as a COPY, is not answered before its end.
    waiting = waiting?.refresh() ?? setTimeout(() => socket.destroy(), silentMs).unref();
    return write(...args);
  }) as typeof socket.write;
  socket.on("data", heard);
  socket.on("close", heard);
}

/** Options that postgres.js reads and its types do not name. */
const roomy = (silentMs: number): object => ({
  max_pipeline: NO_LIMIT,
  socket: (where: Where) => {
    // A new connection asks for them behind everybody's back: lost at that moment, it would end the process. [LIF10]
    if (Object.keys(where.shared.typeArrayMap).length > 0) Object.assign(where, { fetch_types: false });
    return roomySocket(where, silentMs);
  },
});

/** A pool of connections. `synchronous_commit` stays on: what is acknowledged is on disk. */
export function connectDb(url: string, options: ConnectOptions): Db {
  const { onStatement } = options;
  const sql = postgres(url, {
    max: options.max,
    onnotice: () => {},
    connect_timeout: 10,
    // A dead pool connection is replaced quickly: the store may restart under us.
    backoff: (attempt) => Math.min(0.1 * 2 ** attempt, 2),
    connection: { application_name: options.name, ...PATIENCE },
    ...roomy(options.silentMs ?? SILENT_MS),
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
  });
  beginAtOnce(sql);
  return { sql, orm: drizzle(preparing(sql)), close: () => sql.end({ timeout: 5 }) };
}

/** Of postgres.js' connections, as its `begin` handles them. */
interface Connection {
  /** Those of the pool that are as this one: open, busy, full, or reserved for a transaction. */
  queue: { remove(one: Connection): unknown; push(one: Connection): unknown };
}
interface Beginning {
  /** Called when the statement is written. */
  readonly onexecute?: (connection: Connection) => unknown;
}

/**
 * Lets a transaction's first statement go out right behind its `begin`. postgres.js waits for the answer, a round trip in which
 * nothing happens, and takes the connection for full until then; nobody else is given it in either case. [RTM43, LIF6]
 */
function beginAtOnce(sql: postgres.Sql): void {
  const unsafe = sql.unsafe.bind(sql);
  // Cast (both): the same function, whose types do not name what `begin` asks of it.
  sql.unsafe = ((text: string, args: [], how?: Beginning) => {
    const reserve = how?.onexecute;
    if (!reserve || text.trim() !== "begin") return unsafe(text, args, how as object);
    const begun = Promise.withResolvers<unknown>();
    const onexecute = (connection: Connection): void => {
      reserve(connection);
      const { queue } = connection;
      queueMicrotask(() => {
        connection.queue.remove(connection);
        queue.push(connection);
        connection.queue = queue;
        begun.resolve(undefined);
      });
    };
    const begin = unsafe(text, args, { ...how, onexecute } as object);
    // Lost later, it is lost with its connection, of which the transaction is told.
    return { execute: () => (begin.then(begun.resolve, begun.reject), begun.promise) };
  }) as unknown as typeof sql.unsafe;
}

interface Life {
  /** Of a transaction: its connection is gone, or it has ended. */
  over: boolean;
  /** What was asked in it and is not known to have been written to the connection in whole. */
  readonly unsaid: Set<PromiseLike<unknown>>;
}

const newLife = (): Life => ({ over: false, unsaid: new Set() });

/**
 * The same client, whose statements are prepared once a connection. Drizzle asks for unprepared ones unless each query is
 * named: every statement would be parsed and planned anew, after a round trip of its own that asks for its types.
 * A connection lives half an hour to an hour, so its statements do not pile up.
 *
 * A transaction whose connection is gone says nothing more: postgres.js would write its next statement, or the rollback, to
 * a socket that is no more, which ends the process, or to the connection that comes next, which ends that. [LIF7]
 */
function preparing<C extends postgres.Sql>(client: C, life?: Life): C {
  return new Proxy(client, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "unsafe") {
        return (...[text, args, how]: Parameters<postgres.Sql["unsafe"]>) => {
          if (life?.over) throw connectionGone();
          return life ? asked(target, life, text, args, how) : target.unsafe(text, args, { ...how, prepare: true });
        };
      }
      if (name !== "begin" && name !== "savepoint") return value;
      // Cast: both take their work last and give it a client of their own.
      const open = value as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => {
        const work = args.pop() as (own: postgres.Sql) => unknown;
        const own = name === "begin" || !life ? newLife() : life;
        const opened = open(...args, (inner: postgres.Sql) => whileItLives(own, () => work(preparing(inner, own))));
        if (name !== "begin") return opened;
        return opened.finally(() => {
          own.over = true;
        });
      };
    },
  });
}

/** A statement of a transaction, which is unsaid until all of it is written. */
function asked(client: postgres.Sql, life: Life, ...[text, args, how]: Parameters<postgres.Sql["unsafe"]>) {
  const options = {
    ...how,
    prepare: true,
    // Called by postgres.js, whose types do not name it, once the statement is written and nothing of it is left to be said:
    // one that is new to its connection is described first, and its values are written when the answer is there.
    onexecute: () => {
      life.unsaid.delete(statement);
      return true;
    },
  };
  const statement = client.unsafe(text, args, options);
  life.unsaid.add(statement);
  return statement;
}

/** Turns of the promises after which postgres.js has been handed what was asked of it. */
const TURNS = 3;

/**
 * What is said last in a transaction need not be waited for: the commit goes out behind it, and is none if it fails. Only what
 * the server has not been told in whole by now is waited for; failing here, in this process, it would not keep the commit. [RTM44]
 */
async function saidAll({ unsaid }: Life): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- a turn each
  for (let turn = 0; turn < TURNS && unsaid.size > 0; turn += 1) await Promise.resolve();
  await Promise.all(unsaid);
}

/** The work's outcome; none at all once the connection is gone: whoever waits for the transaction is told by then. */
async function whileItLives(life: Life, work: () => unknown): Promise<unknown> {
  try {
    const answer = await work();
    await saidAll(life);
    if (!life.over) return answer;
  } catch (error) {
    if (!life.over && !failedWith(error, GONE_CODES)) throw error;
    life.over = true;
  }
  return await new Promise<never>(() => {});
}

const GONE = "CONNECTION_CLOSED";
const GONE_CODES: ReadonlySet<string> = new Set([GONE, "CONNECTION_DESTROYED"]);

function connectionGone(): Error {
  return Object.assign(new Error("the transaction's connection is gone"), { code: GONE });
}
