/** Whose time it is. */
export type Kind = "ours" | "library" | "node" | "garbage" | "compiling" | "kernel";

export interface Frame {
  readonly name: string;
  readonly kind: Kind;
  readonly isScript: boolean;
}

/** One way down into the code, the outermost function first, and how often somebody stood at its end. */
export interface Stack {
  readonly frames: readonly Frame[];
  readonly looks: number;
}

/** What stands at the bottom of every stack and says nothing. */
const EVERYWHERE =
  /^(?:_start|__libc_start.*|start_thread|clone3?|main|node::(?:Start|NodeMainInstance|SpinEventLoop|LoadEnvironment).*|Builtins_JS(?:RunMicrotasksEntry|EntryTrampoline|Entry)|Builtins_InterpreterEntryTrampoline|v8::internal::\(anonymous namespace\)::Invoke.*|v8::internal::Execution::.*|\[unknown\])$/u;
const FRAME = /^\s+[0-9a-f]+ (.+) \(([^()]*(?:\([^()]*\))?[^()]*)\)$/u;
/** `JS:*name file:///folder/hub/app.ts:12:3`: interpreted, and the stages of V8's compilers. */
const OF_SCRIPT = /^(?:JS|LazyCompile|Function|Script|Eval):[*~^+'"]*(.*?) ?(\S+?)(?::(\d+))?(?::\d+)?$/u;
/** Native code of Node and what it brings along, not of V8. */
const OF_NODE =
  /^(?:node::|uv_|uv__|llhttp|deflate|inflate|simdutf|ossl|EVP_|aes|sha|__?libc|malloc|free|_int_|memcpy|write|read|epoll)/u;
/** Of the kernel's own frames these tell what it was asked for. */
const KERNEL_FRAMES = 4;
const OUR_FOLDERS = /\/((?:clients|deploy|drizzle|hub|load|shared|workers)\/(?!.*node_modules\/)[^?]+)/u;

/** The stacks that `perf script -F comm,pid,tid,ip,sym,dso` tells, the same ones together. */
export function stacksOf(script: string): readonly Stack[] {
  const counts = new Map<string, { frames: Frame[]; looks: number }>();
  for (const sample of script.split(/\n\s*\n/u)) {
    const all = sample
      .split("\n")
      .flatMap((line) => {
        const [, symbol = "", file = ""] = FRAME.exec(line) ?? [];
        return symbol === "" || EVERYWHERE.test(symbol) ? [] : [frameOf(symbol, file)];
      })
      .toReversed();
    const frames = telling(all);
    if (frames.length === 0) continue;
    const key = frames.map(({ name }) => name).join(";");
    const known = counts.get(key);
    if (known) known.looks += 1;
    else counts.set(key, { frames, looks: 1 });
  }
  return [...counts.values()];
}

/** Without the native way from one script to the next, and without how the kernel goes on once it was asked. */
function telling(frames: readonly Frame[]): Frame[] {
  const script = frames.findLastIndex(({ isScript }) => isScript);
  const kernel = frames.findIndex(({ kind }) => kind === "kernel");
  const end = kernel === -1 ? frames.length : kernel + KERNEL_FRAMES;
  return frames.slice(0, end).filter(({ isScript }, at) => isScript || at > script);
}

function frameOf(symbol: string, file: string): Frame {
  const script = OF_SCRIPT.exec(symbol);
  if (script) {
    const [, name = "", path = "", line] = script;
    const at = (where: string) => `${name || "(anonymous)"} ${where}${line === undefined ? "" : `:${line}`}`;
    const library = /node_modules\/(.+)$/u.exec(path)?.[1];
    if (library !== undefined) return { name: at(library), kind: "library", isScript: true };
    const ours = OUR_FOLDERS.exec(path)?.[1];
    return ours === undefined
      ? { name: at(path), kind: "node", isScript: true }
      : { name: at(ours), kind: "ours", isScript: true };
  }
  return { name: symbol.replace(/\+0x[0-9a-f]+$/u, ""), kind: nativeKindOf(symbol, file), isScript: false };
}

function nativeKindOf(symbol: string, file: string): Kind {
  if (file.startsWith("[kernel") || file.startsWith("[guest.kernel")) return "kernel";
  if (/Scaveng|MarkCompact|Sweep|ConcurrentMark|\bHeap::|Evacuat|MajorGC|MinorGC|MarkingVisitor|::gc::/u.test(symbol))
    return "garbage";
  if (
    /v8::internal::(?:compiler|maglev|turboshaft|baseline|interpreter|parsing|Pre[Pp]arser|Parser|Compiler|Deoptimizer|OptimizingCompile)/u.test(
      symbol,
    )
  )
    return "compiling";
  return "node";
}

/**
 * The kinds' shares of all looks, 0 to 1. A look counts for the kernel when it stands at its end; for garbage, compiling or Node when the last script
 * has called into their native code; else for whose script that is.
 */
export function sharesOf(stacks: readonly Stack[]): Readonly<Record<Kind, number>> & { readonly looks: number } {
  const sums: Record<Kind, number> = { ours: 0, library: 0, node: 0, garbage: 0, compiling: 0, kernel: 0 };
  let looks = 0;
  for (const { frames, looks: times } of stacks) {
    looks += times;
    sums[kindOf(frames)] += times;
  }
  const share = (sum: number) => Math.round((sum / Math.max(1, looks)) * 1_000) / 1_000;
  const { ours, library, node, garbage, compiling, kernel } = sums;
  return {
    looks,
    ours: share(ours),
    library: share(library),
    node: share(node),
    garbage: share(garbage),
    compiling: share(compiling),
    kernel: share(kernel),
  };
}

function kindOf(frames: readonly Frame[]): Kind {
  if (frames.at(-1)?.kind === "kernel") return "kernel";
  const script = frames.findLastIndex(({ isScript }) => isScript);
  const native = frames.slice(script + 1);
  const does = native.find(({ kind }) => kind === "garbage" || kind === "compiling");
  if (does) return does.kind;
  // What V8 itself does, a map's look-up say, is done for the script that asks for it.
  return native.some(({ name }) => OF_NODE.test(name)) ? "node" : (frames[script]?.kind ?? "node");
}
