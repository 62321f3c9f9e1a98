// Stands between what breaks in a page and the visitor, who is told so and led on.
import { Component, type ReactNode } from "react";
import { BrokenPage } from "./message-pages";

interface ErrorBoundaryState {
  isBroken: boolean;
}

/** React tells of errors only to classes. What broke is told the operator by the root (main.tsx). */
export class ErrorBoundary extends Component<{ children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { isBroken: false };

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <BrokenPage /> : this.props.children;
  }
}
