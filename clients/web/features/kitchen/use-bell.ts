import { useEffect, useState } from "react";

import { makeBell } from "./bell.ts";

/** Rung again so often while a ticket is unanswered, wall ms. */
const AGAIN_MS = 5000;

/** Rings with each new ticket, and again until all are answered. Silent until somebody has switched it on. */
export function useBell(unansweredTickets: number) {
  const [bell] = useState(makeBell);
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!on || unansweredTickets === 0) return undefined;
    bell.ring();
    const timer = setInterval(() => bell.ring(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [bell, on, unansweredTickets]);
  const toggle = () => {
    bell.unlock();
    if (!on) bell.ring();
    setOn(!on);
  };
  return { on, toggle };
}
