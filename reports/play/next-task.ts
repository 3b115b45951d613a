/** What follows is a task of its own: before it the browser may draw, and hear its reader. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
