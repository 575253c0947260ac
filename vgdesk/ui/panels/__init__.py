"""The panels and dialogs of the window, each one widget that shows a scene or edits a state."""
