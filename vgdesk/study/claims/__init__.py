"""Popular claims about vanishing and exploding gradients, each put to the test."""
