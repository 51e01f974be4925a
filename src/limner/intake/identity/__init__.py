"""One customer from the records of several systems, with its probability, reversibly."""
