"""The plots: pyqtgraph draws data, Qt paints what stands over it."""
